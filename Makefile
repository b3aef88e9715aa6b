# Every target is one line into scripts/. Words for the script behind it go into ARGS: make run ARGS='--listen 9443'
.PHONY: run test check asan tsan bench fuzz journeys install clean suites soak

run:
	@scripts/run $(ARGS)

test:
	@scripts/test $(ARGS)

check:
	@scripts/check $(ARGS)

asan:
	@scripts/sanitize address $(ARGS)

tsan:
	@scripts/sanitize thread $(ARGS)

bench:
	@scripts/bench $(ARGS)

fuzz:
	@scripts/fuzz $(ARGS)

journeys:
	@scripts/journeys/all $(ARGS)

suites:
	@scripts/suites/all $(ARGS)

soak:
	@scripts/soak $(ARGS)

install:
	@scripts/install $(ARGS)

clean:
	@scripts/clean
