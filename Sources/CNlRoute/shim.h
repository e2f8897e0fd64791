#pragma once
// What both declare, such as nlmsghdr, is CLinux's: otherwise it belongs to whichever module is loaded first.
#include "../CLinux/include/CLinux.h"
#include <netlink/msg.h>
#include <netlink/object.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
