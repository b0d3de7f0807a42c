# One line per command; anything with an `if` is Rust or a script.
.PHONY: run peers test check lint accept screens bench deny image vm test-image test-image-all

# The box on the wall with the demo film: in a window, or headless where there is no display.
run:
	@image/host-packages run && cargo run --release --locked -- --demo $(ARGS)

# Everybody that the box speaks with, on loopback, to play with; prints how to start a box with them.
peers:
	@image/host-packages test && cargo run --locked --example peers

# Everything that can be checked on one machine.
test:
	@image/host-packages test && cargo test --workspace --locked

# What CI runs: tests, formatting, lints, docs.
check: test lint

lint:
	@image/host-packages test && .ci/lint

# Rewrites stories and screens; review them with git diff.
accept:
	UPDATE_EXPECT=1 UPDATE_GOLDENS=1 cargo test --workspace --locked

# All screens on one page: src/ui/contact-sheet.jpg.
screens:
	@cargo run --locked -p matinee-ui --example contact_sheet

# Prints the figures of the README's table.
bench:
	@image/host-packages test && cargo bench --locked --bench figures

# Licences and advisories of all dependencies.
deny:
	cargo deny --config .ci/deny.toml check

# The image of a board, to be put on a medium: make image BOARD=qemu-x86_64. Needs root.
image:
	@image/host-packages image && image/build $(BOARD)

# The image in a virtual machine: make vm BOARD=qemu-x86_64.
vm:
	@image/host-packages image && image/vm $(BOARD)

# The image's tests in virtual machines, one or several: make test-image SCENARIO=boot. Needs root.
test-image:
	@image/host-packages image && image/build qemu-x86_64 && tests/image/run $(SCENARIO)

# Those too that take long, and of all boards.
test-image-all:
	@image/host-packages image && image/build all && tests/image/run all
