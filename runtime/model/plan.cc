// plan.cc
