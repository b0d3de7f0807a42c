//! Compiles the screens (`../ui/*.slint`) into Rust, fonts embedded.

fn main() -> Result<(), slint_build::CompileError> {
    let settings = slint_build::CompilerConfiguration::new()
        .embed_resources(slint_build::EmbedResourcesKind::EmbedFiles);
    slint_build::compile_with_config("../ui/stage.slint", settings)
}
