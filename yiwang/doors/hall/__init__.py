"""The service hall: what a person has to do, until when and why, and the guided form for each step.

One entry for tenderees, agencies, bidders, the centre and supervisors; on a desk and on a phone."""
