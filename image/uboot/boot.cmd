# Chooses the slot: the first of BOOT_ORDER that has tries left.
#
# RAUC writes BOOT_ORDER, BOOT_A_LEFT and BOOT_B_LEFT into the partition `env`: an update puts its
# slot first with three tries, "good" gives it four, "bad" none. Each start takes one; when nobody
# called the system good by then, it is the other slot's turn. Four is what only a good system has,
# so the script sees here which one has proven itself: BOOT_PROVEN is its own.

# Room to read into, far enough from a kernel of any size. U-Boot's own places are too near.
setenv kernel_at ${kernel_addr_r}
setexpr spread_at ${kernel_addr_r} + 0x8000000
setexpr read_at ${kernel_addr_r} + 0x10000000

${devtype} dev ${devnum}
part start ${devtype} ${devnum} env choice_at
if ${devtype} read ${read_at} ${choice_at} 0x8; then
    env import -c ${read_at} 0x1000 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT BOOT_PROVEN
fi
# A power cut while it was written: whatever starts is as good as the other.
if test -z "${BOOT_ORDER}"; then setenv BOOT_ORDER "A B"; fi
if test -z "${BOOT_A_LEFT}"; then setenv BOOT_A_LEFT 3; fi
if test -z "${BOOT_B_LEFT}"; then setenv BOOT_B_LEFT 3; fi

if test ${BOOT_B_LEFT} -gt 3; then setenv BOOT_PROVEN B; fi
if test ${BOOT_A_LEFT} -gt 3; then setenv BOOT_PROVEN A; fi

setenv slot
setenv first
for letter in "${BOOT_ORDER}"; do
    if test -z "${first}"; then setenv first ${letter}; fi
    if test -n "${slot}"; then
        true
    elif test "${letter}" = "A"; then
        if test ${BOOT_A_LEFT} -gt 0; then
            setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1
            setenv slot A
        fi
    elif test "${letter}" = "B"; then
        if test ${BOOT_B_LEFT} -gt 0; then
            setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1
            setenv slot B
        fi
    fi
done
if test -z "${slot}"; then
    # Nothing has tries left: the one that was good once is started all the same, rather than none.
    if test -n "${BOOT_PROVEN}"; then setenv slot ${BOOT_PROVEN}; else setenv slot ${first}; fi
fi
env export -c -s 0x1000 ${read_at} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT BOOT_PROVEN
${devtype} write ${read_at} ${choice_at} 0x8
if test "${slot}" = "A"; then setenv name a; else setenv name b; fi
echo "matinee: slot ${slot}, tries left A=${BOOT_A_LEFT} B=${BOOT_B_LEFT}"

part number ${devtype} ${devnum} kernel-${name} number
setenv from "load ${devtype} ${devnum}:${number}"
# What cannot be started counts as a try too.
${from} ${read_at} slot.env || reset
env import -t ${read_at} ${filesize} command_line device_trees
${from} ${kernel_at} linux.gz || reset
# For booti: how much there is to be unpacked, and where.
setenv kernel_comp_size ${filesize}
setenv kernel_comp_addr_r ${spread_at}
# The firmware's, or one of the slot's with what is soldered on.
setenv tree_at ${fdt_addr}
if test "${device_trees}" = "slot"; then
    setenv tree_at ${fdt_addr_r}
    ${from} ${tree_at} device-trees/${fdtfile} || reset
    fdt addr ${tree_at}
    fdt resize 0x4000
    if ${from} ${read_at} device-trees/matinee.dtbo; then fdt apply ${read_at}; fi
fi
${from} ${read_at} initrd || reset
setenv bootargs "${command_line} matinee.slot=${name} rauc.slot=${slot}"
booti ${kernel_at} ${read_at}:${filesize} ${tree_at}
reset
