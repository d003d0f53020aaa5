// event_batch.cc
