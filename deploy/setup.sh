# Sourced by the commands of the local stack and by tests/run: what must be there before Python
# can take over.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; return; fi
    command -v sudo >/dev/null || { echo "needs root or sudo for: $*" >&2; exit 4; }
    sudo "$@"
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# missing_packages LIST…: the packages of the lists that are missing, one per line; Node and npm
# only if the machine has none.
missing_packages() {
    local package
    grep -hv '^#' "$@" | while read -r package; do
        [ -z "$package" ] || is_installed "$package" || echo "$package"
    done
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
}

# Debian's own cluster, supervisor and web server are not wanted: a stack brings its own.
keep_services_down() {
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' |
            as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
}

# install_packages [LIST…]: what deploy/packages.txt and the further lists name.
install_packages() {
    local missing service log="$ROOT/build/logs/packages.log"
    mapfile -t missing < <(missing_packages "$ROOT/deploy/packages.txt" "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    mkdir -p "$(dirname "$log")"
    echo "· installing ${#missing[@]} Debian packages (log: $log): ${missing[*]}" >&2
    keep_services_down
    if ! { as_root timeout 600 apt-get update -q &&
           as_root env DEBIAN_FRONTEND=noninteractive timeout 1800 \
               apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        echo "packages failed; last lines of $log:" >&2
        tail -n 12 "$log" | sed 's/^/  /' >&2
        echo "next: is the Debian mirror reachable? sudo apt-get install ${missing[*]}" >&2
        exit 3
    fi
    for service in supervisor nginx; do
        case " ${missing[*]} " in *" $service"[\ -]*)
            if [ -d /run/systemd/system ]; then
                as_root systemctl disable --now "$service" >>"$log" 2>&1 || true
            fi ;;
        esac
    done
}

# python_command FILE ARGS…: a command of the stack, in deploy/stack/FILE.
python_command() {
    local file="$1"; shift
    if [ ! -x /usr/bin/python3 ]; then
        echo "no /usr/bin/python3 here; deploy/up installs what the stack needs" >&2
        exit 3
    fi
    PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 "$ROOT/deploy/stack/$file" "$@"
}
