// engine.cc
