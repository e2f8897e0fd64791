# Every target installs the Debian packages that it needs (as root; otherwise it says the command) and names the Swift
# toolchain when that is missing.

SHELL       := /bin/sh
PREFIX      ?= /usr/local
CNI_BIN     ?= /opt/cni/bin
DESTDIR     ?=

STRICT      := --explicit-target-dependency-import-check error
DEBUG       := --scratch-path .build-debug
RELEASE     := --configuration release --scratch-path .build-release

# romana-cni as it is installed.
PLUGIN      := $(CURDIR)/.build-static/romana-cni

BUILD_PACKAGES := binutils pkg-config musl-dev libmnl-dev libnl-route-3-dev libnftnl-dev libcurl4-openssl-dev \
    libexpat1-dev
TEST_PACKAGES  := curl iproute2 iputils-ping netbase nftables conntrack util-linux procps openssl busybox-static \
    etcd-server etcd-client binutils jq ca-certificates
FULL_PACKAGES  := containerd runc
IMAGE_PACKAGES := binutils jq ca-certificates etcd-server
KUBECTL        := command -v kubectl >/dev/null || Tests/packages.sh kubernetes-client

# Bundles of tests; what is in neither list needs no root and no server.
KERNEL_TESTS := ^KernelTests\.
# Much computing: by themselves, since others wait for clocks.
POLICY_TESTS := ^PoliciesTests\.
SYSTEM_TESTS := ^(EtcdServerTests|SystemTests)\.
SCHEMATHESIS := $(CURDIR)/.build-debug/schemathesis
# Plays AWS.
MOTO         := $(CURDIR)/.build-debug/moto
# Holds the path of kube-apiserver; empty where it could not be built.
APISERVER    := .build-debug/kube-apiserver-path
ISOLATED     := ROMANA_CNI=$(PLUGIN) Tests/failures-last.sh Tests/isolated.sh

.DEFAULT_GOAL := help
.PHONY: help build build-debug build-static test test-unit test-kernel test-system check demo cluster cluster-down \
    bench install clean proto manifests images images-only format toolchain

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) \
	    | while IFS='|' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

toolchain:
	@Tests/toolchain.sh
	@Tests/packages.sh $(BUILD_PACKAGES)

build: toolchain build-static ## build the programs for release
	swift build $(RELEASE) $(STRICT) --static-swift-stdlib

build-static: toolchain
	cni/build.sh .build-static $(PLUGIN) $(STRICT)

build-debug: toolchain
	swift build $(DEBUG) $(STRICT) --build-tests

test: test-unit test-kernel test-system ## run all tests; containerd's only as root

test-unit: build-debug ## run the tests that need no root and no server
	Tests/failures-last.sh \
	    swift test $(DEBUG) --skip-build --skip '$(KERNEL_TESTS)' --skip '$(SYSTEM_TESTS)' --skip '$(POLICY_TESTS)'
	Tests/failures-last.sh swift test $(DEBUG) --skip-build --filter '$(POLICY_TESTS)'

test-kernel: build-debug ## run the tests on the kernel, in namespaces of their own
	@Tests/packages.sh $(TEST_PACKAGES)
	Tests/failures-last.sh Tests/isolated.sh swift test $(DEBUG) --skip-build --filter '$(KERNEL_TESTS)'

test-system: build-debug build-static ## run the programs with etcd, kube-apiserver and containerd, in namespaces
	@if [ "$$(id -u)" -eq 0 ]; then Tests/packages.sh $(TEST_PACKAGES) $(FULL_PACKAGES); \
	else Tests/packages.sh $(TEST_PACKAGES); fi
	@[ "$$(id -u)" -ne 0 ] || { $(KUBECTL); }
	@Tests/openapi/install.sh $(SCHEMATHESIS)
	@Tests/moto/install.sh $(MOTO)
	@Tests/kube-apiserver.sh >$(APISERVER) || [ "$$(id -u)" -ne 0 ]
	ROMANA_APISERVER=$$(cat $(APISERVER)) ROMANA_SCHEMATHESIS=$(SCHEMATHESIS) ROMANA_MOTO=$(MOTO) \
	    $(ISOLATED) swift test $(DEBUG) --skip-build --filter '$(SYSTEM_TESTS)'
	@[ "$$(id -u)" -eq 0 ] || echo 'NOT RUN: the test with containerd, which needs root: sudo make test-system'
	@[ -n "$(ROMANA_KUBELET)" ] || echo 'NOT RUN: the test with a real kubelet: ROMANA_KUBELET=$$(Tests/kubelet.sh)'
	@[ -s $(APISERVER) ] || echo 'NOT RUN: the tests with kube-apiserver, which root can build: sudo make test-system'

check: build-debug build-static ## check format, links of the binaries, sizes of files, scripts
	@Tests/packages.sh binutils
	@Tests/check.sh .build-debug/debug $(PLUGIN)

format: toolchain ## format the sources in place
	@Tests/sources.sh | xargs swift format --in-place --parallel

demo: build ## run three nodes on this machine, from nothing to nothing
	@Tests/packages.sh $(TEST_PACKAGES)
	@ROMANA_CNI=$(PLUGIN) Tests/demo.sh .build-release/release/romana-demo

cluster: build ## run Kubernetes with three nodes on this machine, for exploring; KUBELET=path takes a real kubelet
	@Tests/packages.sh $(TEST_PACKAGES) $(FULL_PACKAGES)
	@$(KUBECTL)
	@ROMANA_APISERVER=$$(Tests/kube-apiserver.sh) ROMANA_CNI=$(PLUGIN) KUBELET=$(KUBELET) IMAGES="$(IMAGES)" \
	    Tests/cluster.sh up .build-release/release/romana-cluster

cluster-down: ## end what `make cluster` started
	@Tests/cluster.sh down

bench: toolchain build ## measure pod churn, grants and policies against their peers and the raw kernel
	perf/run.sh
	perf/run.sh grants
	perf/run.sh policy

install: build ## install the programs below PREFIX and the plugin in CNI_BIN
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(CNI_BIN)
	cd .build-release/release && install romana romana-agent romana-daemon $(DESTDIR)$(PREFIX)/bin
	install $(PLUGIN) $(DESTDIR)$(CNI_BIN)

proto: toolchain ## generate the code of etcd's messages again
	@Tests/packages.sh protobuf-compiler
	specs/proto/generate.sh

images: build ## make the images [TAG=] [PUSH=no] [REGISTRY=] [ARCHITECTURES=]
	@$(MAKE) --no-print-directory images-only

images-only:
	@Tests/packages.sh $(IMAGE_PACKAGES) $(if $(filter yes,$(PUSH)),skopeo)
	PROGRAMS=$(CURDIR)/.build-release/release PLUGIN=$(PLUGIN) TAG=$(TAG) REGISTRY=$(REGISTRY) PUSH=$(PUSH) \
	    ARCHITECTURES='$(ARCHITECTURES)' containerize/images.sh .build-images

manifests: ## make the manifests in specs/ from their parts again
	specs/manifests/generate.sh

clean: ## remove everything that was built
	rm -rf .build .build-debug .build-release .build-static .build-images perf/.build perf/.build-micro
