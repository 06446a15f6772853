#!/bin/sh
# The check as it should be: openssl compares the dates itself, every certificate of every bundle is asked, and the
# exit status says what was found (1: expires within a day; 2: nothing could be read).
asked=0 due=0
for secret in $(kubectl --namespace istio-system get secrets | awk '$1 ~ /cacerts/ { print $1 }'); do
    for key in ca.crt ca-cert.pem cert-chain.pem root-cert.pem; do
        value="jsonpath={.data.${key%.*}\\.${key##*.}}"
        pem=$(kubectl --namespace istio-system get secret "$secret" --output "$value" | base64 --decode)
        while [ -n "$pem" ] && [ "$pem" != "${pem#*-----BEGIN CERTIFICATE-----}" ]; do
            one=${pem%%-----END CERTIFICATE-----*}-----END\ CERTIFICATE-----
            pem=${pem#*-----END CERTIFICATE-----}
            asked=$((asked + 1))
            if ! printf '%s\n' "$one" | openssl x509 -noout -checkend 86400 >/dev/null; then
                due=$((due + 1))
                echo "ALERT: certificate $asked ($secret, $key) expires within a day"
            fi
        done
    done
done
[ "$asked" -gt 0 ] || { echo "no certificate could be read" >&2 && exit 2; }
[ "$due" -eq 0 ]
