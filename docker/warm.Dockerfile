# One thing compiled beforehand, on a release's image or on one that has others already. Files below are left as they are:
# what touches one copies it. So the build cache says that it has just been trimmed, or go would do that once they are
# five days old (cmd/go/internal/cache: Trim).
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY warm /opt/claimlab/warm
RUN umask 022 && mkdir -p /opt/claimlab/gocache && date +%s > /opt/claimlab/gocache/trim.txt \
    && GOROOT=/usr/local/go GOCACHE=/opt/claimlab/gocache HOME=/tmp sh /opt/claimlab/warm
