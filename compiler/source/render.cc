// render.cc
