// source.cc
