# Targets of containers, pipelines and deployment; the Makefile includes this file.

ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
KUSTOMIZE  := sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
export SHAPE ?= single
export SHARD ?= 1/1

.PHONY: install migrate-up suites-services ops-tools ops-check ops-summary images-check images-push

$(VENV)/.ops: deploy/requirements-ops.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r deploy/requirements-ops.txt
	@touch $@

install: $(VENV)/.run ## install what runs the suites and the deployment scripts

migrate-up: $(VENV)/.run ## bring the database that DB_* names up to date
	@$(BIN)/python -m services.migrations

suites-services: $(VENV)/.run ## a part (SHARD=1/2) of the suites, SHAPE=single or split: on DB_*, REDIS_*, else embedded
	@case "$$SHAPE" in single) variables=variables/embedded.py;; split) variables=variables/split.py;; \
			*) echo "error: SHAPE is '$$SHAPE': it must be single or split" >&2; exit 2;; esac; \
		[[ $$SHARD =~ ^[1-9][0-9]*/[1-9][0-9]*$$ ]] || \
			{ echo "error: SHARD is '$$SHARD': it must be like 1/2, the first part of two" >&2; exit 2; }; \
		run=($(PABOT) --processes 4 --shard "$$SHARD" --xunit xunit.xml --outputdir "$$OUT/suites-$$SHAPE-$${SHARD/\//-of-}"); \
		if [ -n "$$DB_HOST" ]; then $(BIN)/python tools/ops_services.py --shape "$$SHAPE" --logs "$$OUT/services" -- "$${run[@]}" suites/; \
		else "$${run[@]}" -V "$$variables" suites/; fi

ops-tools: $(VENV)/.ops ## install the linters of `make ops-check`; those written in Go where there is a Go
	@if command -v go >/dev/null; then GOBIN="$$PWD/.tools/bin" go install $(ACTIONLINT) && \
		GOBIN="$$PWD/.tools/bin" go install $(KUSTOMIZE); \
		else echo "go is not installed: actionlint and kustomize are not either"; fi

ops-check: ops-tools ## check all of containers, pipelines and deployment that needs no engine
	@$(BIN)/python -m monitoring.dashboards --check
	@$(BIN)/python tools/ops_check.py

ops-summary: ## tell what the runs below results/ found, for a pipeline's summary
	@mapfile -d '' found < <(find "$$OUT" -name output.xml -not -path '*/pabot_results/*' -print0 2>/dev/null); \
		if (($${#found[@]})); then $(BIN)/python tools/ops_summary.py "$${found[@]}"; else echo "no output.xml below $$OUT"; fi

images-check: $(VENV)/.run ## build the images with buildah and start the services from them (root; takes minutes)
	@$(BIN)/python tools/ops_images.py

# File, target and name of each; the pipelines push the same ones.
IMAGES := service:inventory:inventory-service service:auth:auth-service service:migrations:migrations tests:tests:tests

images-push: ## build and push all images with Docker: REGISTRY=ghcr.io/… VERSION=…, REGISTRY_USER and _PASSWORD to log in
	@registry=$${REGISTRY:-$$IMAGE_REGISTRY}; test -n "$$registry" -a -n "$$VERSION" || \
			{ echo "error: give REGISTRY and VERSION" >&2; exit 2; }; \
		set -e; if [ -n "$$REGISTRY_USER" ] && [ -n "$$REGISTRY_PASSWORD" ]; then \
			trap 'docker logout "$${registry%%/*}"' EXIT; \
			docker login --username "$$REGISTRY_USER" --password-stdin "$${registry%%/*}" <<<"$$REGISTRY_PASSWORD"; fi; \
		for one in $(IMAGES); do IFS=: read -r file target name <<<"$$one"; \
			docker buildx build --file "docker/$$file.Dockerfile" --target "$$target" --provenance mode=max --sbom true \
				--tag "$$registry/$$name:$$VERSION" --push .; done
