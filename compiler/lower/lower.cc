// lower.cc
