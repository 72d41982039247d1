# All real work is done by wlzthuis/dev, with the system's Python and nothing else installed.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run test lint prove bench assets lock manage backup restore drill audit

help: ## Show what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

run: ## Install what is needed and run the whole portal (PORT=8000)
test: ## Run all tests (ARGS='tests/norms -x' for some)
lint: ## Linters, types, pending migrations, deployment check
audit: ## Known weaknesses in the packages (Error 3: the lists could not be asked)
prove: ## The long proofs that are no part of test
bench: ## Measure the portal against its floor (bench/latest.json)
assets: ## Copy components, tokens, fonts and icons to static/vendor
lock: ## Pin all packages anew
drill: ## Kill the parts of a portal in turn under load, and see that nothing is lost
backup: ## Database and files, as of one moment, to BACKUP_DIR or .local/backups/<moment>
restore: ## Fill an empty portal from a backup (FROM=folder, FORCE=1 empties it first)
manage: ## Django's commands on the running portal (ARGS='seed_demo --providers 100')

# exec: the signals of a terminal or supervisor reach the program itself, not a shell around it.
run test lint prove bench assets lock manage backup restore drill audit:
	@cd wlzthuis && exec $(PYTHON) -m dev $@ $(ARGS)
