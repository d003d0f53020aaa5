// compile.cc
