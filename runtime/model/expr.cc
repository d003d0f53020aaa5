// expr.cc
