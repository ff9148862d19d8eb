"""The one room that knows Kedro and MLflow: catalog datasets, hooks, tracking."""
