// parse.cc
