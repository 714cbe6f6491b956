# Sourced: makes certificates in $dir/tls. certificates: ca.pem, and NAME.pem/NAME.key for
#   good (localhost, 127.0.0.1), expired, elsewhere (another host), client (signed by the same), stranger.pem (another authority).
sign() { # NAME SUBJECT LAST-DAY EXTENSION
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "$2" -out "$1.csr" &&
        openssl ca -batch -notext -config ca.cnf -in "$1.csr" -cert ca.pem -keyfile ca.key -startdate 20200101000000Z -enddate "${3}000000Z" \
            -extfile <(echo "$4") -out "$1.pem"
}
authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "/CN=$1 of a test" -days 2 -out "$1.pem"
}
certificates() {
    mkdir -p "$dir/tls"
    local far
    far=$(date -d '+2 days' +%Y%m%d)
    (cd "$dir/tls" && : >index && printf '%s\n' '[ca]' 'default_ca=d' '[d]' 'database=index' 'new_certs_dir=.' 'policy=p' 'default_md=sha256' \
        'rand_serial=yes' 'unique_subject=no' '[p]' 'commonName=supplied' >ca.cnf && authority ca && authority stranger && sign good /CN=localhost $far 'subjectAltName=DNS:localhost,IP:127.0.0.1' &&
        sign elsewhere /CN=elsewhere.example $far 'subjectAltName=DNS:elsewhere.example' && sign client /CN=client $far 'extendedKeyUsage=clientAuth' &&
        sign expired /CN=localhost 20200102 'subjectAltName=DNS:localhost') >"$dir/tls.log" 2>&1 || { cat "$dir/tls.log"; exit 1; }
}
