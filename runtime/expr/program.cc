// program.cc
