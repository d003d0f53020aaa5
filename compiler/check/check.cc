// check.cc
