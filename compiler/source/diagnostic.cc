// diagnostic.cc
