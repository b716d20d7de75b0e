package dev.windrow.query.worth;

/**
 * Something to know before using an answer.
 *
 * @param code UPPER_SNAKE, stable
 * @param message for people
 */
public record Warning(String code, String message) {}
