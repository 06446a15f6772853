#!/bin/sh
# The check as the article has it, put together anew from its tools and the fields they pass on: names of secrets,
# ca.crt, the line notAfter, three fields of it, seconds since 1970, the comparison with tomorrow.
# To be seen: a line such as "notAfter=Mar  5 12:00:00 2027 GMT" has the month in field 1.
# With "whole" as its argument the date keeps all its fields: what is wrong besides?
case ${1:-three} in
three) fields='{ print $2, $3, $4 }' ;;
whole) fields='{ sub(/^notAfter=/, ""); print }' ;;
esac

kubectl --namespace istio-system get secrets |
    grep cacerts |
    awk '{ print $1 }' |
    xargs -I SECRET kubectl --namespace istio-system get secret SECRET --output 'jsonpath={.data.ca\.crt}' |
    base64 --decode |
    openssl x509 -noout -dates |
    grep notAfter |
    awk "$fields" |
    xargs -I DATE date --date=DATE +%s |
    awk -v now="$(date +%s)" '$1 < now + 86400 { print "ALERT: a certificate expires within a day" }'
