"""What ``claimlab look`` asks about Go. A question is a value that observes like a lab without Python."""
