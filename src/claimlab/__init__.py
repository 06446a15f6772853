"""claimlab: the laboratory where claims about Go's runtime are put on the bench."""
