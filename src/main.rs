//! The one binary. Everything is in the library; see `groundswell help`.

fn main() -> std::process::ExitCode {
    groundswell::commands::main()
}
