// fold.cc
