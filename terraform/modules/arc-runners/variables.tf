variable "github_config_url" {
  description = "The repository (or organisation) whose jobs run here, as in https://github.com/acme/souk."
  type        = string

  validation {
    condition     = can(regex("^https://github.com/[^/]+(/[^/]+)?$", var.github_config_url))
    error_message = "As in https://github.com/acme/souk."
  }
}

variable "github_secret" {
  description = "Name of a Secret in arc-runners, made by a person: github_app_id, github_app_installation_id, github_app_private_key."
  type        = string
  default     = "github-app"
}

variable "arc_version" {
  description = "Version of both charts; they must be the same."
  type        = string
  default     = "0.14.2"
}

variable "application_namespace" {
  description = "Where the deploying runners may change things."
  type        = string
  default     = "souk"
}

variable "scale_sets" {
  description = "Scale sets and how many runners each has. The names are what workflows say in runs-on, and those of files in values/."
  type        = map(object({ min = number, max = number }))
  default = {
    souk-build  = { min = 0, max = 3 }
    souk-deploy = { min = 0, max = 1 }
  }

  validation {
    condition     = alltrue([for name in keys(var.scale_sets) : contains(["souk-build", "souk-deploy"], name)])
    error_message = "There are souk-build and souk-deploy."
  }
}
