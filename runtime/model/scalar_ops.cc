// scalar_ops.cc
