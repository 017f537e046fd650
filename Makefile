# make demo    build, cut bundles/quickstart, land it with no network, run it
# make test    all tests
# The other targets are listed by `make help`. Recipes are POSIX sh.

PREFIX = /usr/local
DESTDIR =
BENCH =
SECONDS = 60
FUZZ =

PRODUCT = .build/product
PLATFORM = linux-64
PROGRAMS = $(PRODUCT)/bin/airlift $(INSTALLER)
# Where `make man` and `make completions` write; `make install` sets another.
SHARE = $(PRODUCT)/share
INSTALLER = $(PRODUCT)/libexec/airlift/airlift-installer-$(PLATFORM)
# Package.swift links the installer as a static executable where this is a release.
RELEASE = --configuration release --static-swift-stdlib -Xlinker --gc-sections

.PHONY: help build demo test torture install man completions bench bench-conda oracles fuzz sanitize format check deps clean

help:
	@echo 'make build     .build/product: bin/airlift and the static installer in libexec/airlift'
	@echo 'make demo      build, cut bundles/quickstart, land it with no network, run it'
	@echo 'make test      all tests'
	@echo 'make torture   every sweep of docs/reliability.md whole: some 30 minutes, as root'
	@echo 'make check     format, warnings as errors, import table, what the installer is linked with'
	@echo 'make format    format all sources in place'
	@echo 'make bench     measure beside uv, pip and the bare limit; BENCH=--quick for a small set'
	@echo 'make bench-conda  measure beside py-rattler; BENCH="--channel DIRECTORY" names the channel'
	@echo 'make oracles   compare what Airlift, pip and uv make of the same wheels'
	@echo 'make fuzz      give the readers made-up input, SECONDS=60 a target; FUZZ="zip tar" names targets'
	@echo 'make sanitize  unit tests with the address and the thread sanitizer'
	@echo 'make install   copy .build/product to $$(DESTDIR)$$(PREFIX), which is $(DESTDIR)$(PREFIX)'
	@echo '              with manual pages and completions for bash, zsh and fish'
	@echo 'make man       $(SHARE)/man: a page for each program and command'
	@echo 'make completions  $(SHARE): what bash, zsh and fish complete'
	@echo 'make deps      install the packages that building and testing need (apt, as root)'
	@echo 'make clean     remove .build and what the demo made'

# The installer lists what it is linked with, and no header tells the version of this.
build: export AIRLIFT_SWIFT_VERSION := $(shell swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')
build:
	@.ci/dependencies build
	swift build $(RELEASE) --product airlift
	@# The linker warns of user look-ups that nothing here calls.
	@# The map says which libraries went into it; a test compares it with the list inside.
	@mkdir -p $(PRODUCT)/bin $(PRODUCT)/libexec/airlift
	swift build $(RELEASE) -Xlinker "-Map=$(CURDIR)/$(PRODUCT)/airlift-installer.map" --product airlift-installer
	@strip -o $(PRODUCT)/airlift.part .build/release/airlift
	@mv $(PRODUCT)/airlift.part $(PRODUCT)/bin/airlift
	@strip -o $(PRODUCT)/installer.part .build/release/airlift-installer
	@mv $(PRODUCT)/installer.part $(INSTALLER)

demo: build
	@sh installers/demo.sh $(PRODUCT)/bin/airlift

test: deps build
	swift test

# What `make test` samples, whole. One sweep alone: make torture TORTURE=TortureKill
TORTURE = Torture
torture: deps build
	AIRLIFT_TORTURE=full swift test --filter '$(TORTURE)'

# Takes what is built already: `make build && sudo make install` compiles nothing as root.
install:
	@[ -x $(INSTALLER) ] || $(MAKE) build
	mkdir -p '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/libexec/airlift'
	install -m 0755 $(PRODUCT)/bin/airlift '$(DESTDIR)$(PREFIX)/bin/airlift'
	install -m 0755 $(INSTALLER) '$(DESTDIR)$(PREFIX)/libexec/airlift/'
	@$(MAKE) --no-print-directory man completions SHARE='$(DESTDIR)$(PREFIX)/share'
	mkdir -p '$(DESTDIR)$(PREFIX)/share/airlift/schemas'
	install -m 0644 docs/schemas/*.json '$(DESTDIR)$(PREFIX)/share/airlift/schemas/'

# From the words of --help, which stand in the sources of each command.
man:
	@[ -x $(INSTALLER) ] || $(MAKE) build
	python3 docs/man/pages.py '$(SHARE)/man/man1' $(PROGRAMS)

# To where each shell looks for them: see docs/automation.md.
completions:
	@[ -x $(INSTALLER) ] || $(MAKE) build
	@mkdir -p '$(SHARE)/bash-completion/completions' '$(SHARE)/zsh/site-functions' \
	    '$(SHARE)/fish/vendor_completions.d'
	$(PRODUCT)/bin/airlift --generate-completion-script bash > '$(SHARE)/bash-completion/completions/airlift'
	$(PRODUCT)/bin/airlift --generate-completion-script zsh > '$(SHARE)/zsh/site-functions/_airlift'
	$(PRODUCT)/bin/airlift --generate-completion-script fish > '$(SHARE)/fish/vendor_completions.d/airlift.fish'
	$(INSTALLER) --generate-completion-script bash > '$(SHARE)/bash-completion/completions/airlift-installer'
	$(INSTALLER) --generate-completion-script zsh > '$(SHARE)/zsh/site-functions/_airlift-installer'
	$(INSTALLER) --generate-completion-script fish > '$(SHARE)/fish/vendor_completions.d/airlift-installer.fish'

# `make bench BENCH=--quick` measures the quickstart set; `python3 Benchmarks/bench.py --help` lists all options.
bench: build
	python3 Benchmarks/bench.py $(BENCH)
	python3 Benchmarks/conda.py --if-there

# Real packages, from a copy of a channel: `make bench-conda BENCH="--channel DIRECTORY"`.
bench-conda: build
	python3 Benchmarks/conda.py $(BENCH)

# docs/fuzzing.md says what it has found and for how long it ran.
fuzz: deps
	@sh Tests/Fuzz/run.sh $(SECONDS) $(FUZZ)

# Not the end-to-end tests: what they run is built without. What the process still holds when it ends is no leak of ours
# to find: the runtime's metadata is among it.
sanitize: deps
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build/address --skip EndToEndTests
	swift test --sanitize=thread --scratch-path .build/thread --skip EndToEndTests

# docs/oracles.md says what may differ. BUNDLES and WHEELS name other specs and further wheels.
oracles: build
	@sh Benchmarks/oracles/run.sh $(PRODUCT)/bin/airlift

format:
	swift format format --in-place --recursive --parallel Package.swift Sources Tests

# Warnings are errors in every build (Package.swift); StructureTests hold the import table.
check: deps build
	.ci/check-format
	swift build --explicit-target-dependency-import-check error
	swift test --filter StructureTests
	.ci/check-installer $(INSTALLER) .build/release/airlift-installer

deps:
	@.ci/dependencies test

clean:
	rm -rf .build bundles/*/dist
