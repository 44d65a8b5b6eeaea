//! Whoever asks for help gets an example.

use clap::{ArgAction, Command};

fn check(command: &Command, path: &str, missing: &mut Vec<String>) {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    if !help.contains("doorwarden ") {
        missing.push(format!("{path}: no example behind the help"));
    }
    for argument in command.get_arguments() {
        if matches!(
            argument.get_action(),
            ArgAction::Help | ArgAction::HelpLong | ArgAction::HelpShort | ArgAction::Version
        ) {
            continue;
        }
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        if !help.contains("Example: `") {
            missing.push(format!("{path} {}: no example", argument.get_id()));
        }
    }
    for inner in command.get_subcommands().filter(|it| it.get_name() != "help") {
        check(inner, &format!("{path} {}", inner.get_name()), missing);
    }
}

#[test]
fn every_command_and_option_has_an_example() {
    let mut missing = Vec::new();
    let command = super::command();
    command.clone().debug_assert();
    check(&command, "doorwarden", &mut missing);
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
