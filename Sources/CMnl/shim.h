#pragma once
// What both declare, such as nlmsghdr, is CLinux's: otherwise it belongs to whichever module is loaded first.
#include "../CLinux/include/CLinux.h"
#include <libmnl/libmnl.h>
