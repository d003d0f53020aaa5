// regex.cc
