# What every image shares: gdb, binutils and gcc (the race detector links with it) on a small Debian.
# The base is debian:bookworm-slim where a registry answers, else the archive that docker/bootstrap makes,
# which has the packages already, so that nothing is installed here. Files written here get a fixed time: the image's
# identity is that of its layers, so that two builds with equal packages are one.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
ARG PACKAGES
RUN missing=; \
    for package in $PACKAGES; do \
        dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed \
            || missing="$missing $package"; \
    done; \
    if [ -n "$missing" ]; then \
        apt-get update -qq \
        && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
        && rm -rf /var/lib/apt/lists/*; \
    fi \
    && mkdir -p /opt/claimlab \
    && dpkg-query --show > /opt/claimlab/packages \
    && gdb --version | head -n 1 > /opt/claimlab/gdb \
    && find /opt /usr/share/gdb \( -type d -o -name '*.pyc' -o -path '/opt/*' \) -exec touch --date=@1700000000 {} +
