// predicate.cc
