package dev.windrow.runtime.config;

/**
 * Which process this is, as {@code INSTANCE_ID} and {@code ENV} name it.
 *
 * @param instanceId empty if unset
 * @param env empty if unset
 */
public record Instance(String instanceId, String env) {
  public static Instance from(Settings settings) {
    return new Instance(settings.text("INSTANCE_ID", ""), settings.text("ENV", ""));
  }
}
