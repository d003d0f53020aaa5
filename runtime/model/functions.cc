// functions.cc
