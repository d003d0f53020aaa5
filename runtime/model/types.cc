// types.cc
