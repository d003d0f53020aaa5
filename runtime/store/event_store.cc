// event_store.cc
