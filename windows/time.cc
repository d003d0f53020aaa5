// time.cc
