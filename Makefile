.PHONY: help setup run worker seed check fix test migrations shell
WITH_ENV = eval "$$(bin/dev-env)" &&

help: ; @grep -E '^[a-z]+:' Makefile | cut -d: -f1 | tr '\n' ' ' && echo
setup: ; bin/dev-env > /dev/null
run: ; bin/demo
worker: ; $(WITH_ENV) PROCESS=worker .venv/bin/python -m celery -A ediary.celery worker
seed: ; bin/demo --fresh --seed-only
check: ; bin/check
fix: ; bin/check --fix
test: ; bin/test
migrations: ; $(WITH_ENV) .venv/bin/python manage.py makemigrations
shell: ; $(WITH_ENV) .venv/bin/python manage.py shell
