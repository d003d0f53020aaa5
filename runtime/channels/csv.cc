// csv.cc
