# A machine of its own, booted by systemd: Debian as it is here, seen through a layer in memory that takes whatever is
# written. Run as root in new namespaces. `machine.sh PLACE NAME=FOLDER…`: each folder is /opt/NAME there, to be read.
set -eu
place=$1 root=$1/root
shift
mount -t tmpfs -o mode=0755 tmpfs "$place"
mkdir "$place/upper" "$place/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" "$root"
for each in "$@"; do
  mkdir -p "$root/opt/${each%%=*}"
  mount --bind "${each#*=}" "$root/opt/${each%%=*}"
  mount -o remount,bind,ro "$root/opt/${each%%=*}"
done
# Nothing of the kernel is set from there.
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
for each in null zero full random urandom tty; do
  touch "$root/dev/$each"
  mount --bind "/dev/$each" "$root/dev/$each"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for each in dev/shm tmp run; do mount -t tmpfs -o mode=1777 tmpfs "$root/$each"; done
chmod 0755 "$root/run"
for each in chrony rsyslog ssh clamav-freshclam certbot.timer apt-daily.timer \
  apt-daily-upgrade.timer; do
  case $each in *.timer) ;; *) each=$each.service ;; esac
  ln -sfn /dev/null "$root/etc/systemd/system/$each"
done
cd "$root"
mkdir run/before
pivot_root . run/before
umount -l run/before
# systemd hands secrets over by a mount that has to be seen from where the service starts.
mount --make-rshared /
ip link set lo up
exec setpriv --bounding-set -sys_time,-sys_module,-sys_rawio,-sys_boot \
  env -i container=a-test PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
  /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal
