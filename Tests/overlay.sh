# shellcheck shell=sh
# For scripts that have a mount namespace of their own, by `.`
#
# overlay FOLDER DIRECTORY: from now on FOLDER is as it was, but what is changed in it goes to DIRECTORY.
overlay() {
    mkdir -p "$2/changes" "$2/scratch" "$2/below"
    mounts=$(sed -n "s|^[0-9]* [0-9]* [^ ]* [^ ]* \\($1/[^ ]*\\) .*|\\1|p" /proc/self/mountinfo)
    mount --rbind "$1" "$2/below"
    mount -t overlay -o "lowerdir=$1,upperdir=$2/changes,workdir=$2/scratch" overlay "$1"
    # An overlay does not show what is mounted below its folder, such as a toolchain.
    for place in $mounts; do
        mount --rbind "$2/below${place#"$1"}" "$place"
    done
    umount -l "$2/below"
}
