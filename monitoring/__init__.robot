*** Settings ***
Documentation     Proves with a real Prometheus and Alertmanager that the alerts fire when there is trouble and that
...               the dashboards have data. The rules are those of `monitoring/prometheus/rules`, with every duration
...               divided: a proof cannot wait for three days. Needs `make monitoring-tools`.

Resource          monitoring.resource

Suite Setup       Start Monitoring
Suite Teardown    Stop Monitoring

Test Tags         monitoring
