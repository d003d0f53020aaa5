// value.cc
