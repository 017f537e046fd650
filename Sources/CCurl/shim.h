#pragma once
#include <curl/curl.h>
// libcurl sets options and reads facts through variadic functions, which Swift does not import: one typed
// function for each type of argument.

static inline CURLcode airlift_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode airlift_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
// libcurl copies the text.
static inline CURLcode airlift_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
// libcurl keeps the pointer: what it points at must live as long as the handle uses it.
static inline CURLcode airlift_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode airlift_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode airlift_curl_set_write(CURL *easy, curl_write_callback function) {
    return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, function);
}

static inline CURLcode airlift_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode airlift_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
// The text belongs to the handle.
static inline CURLcode airlift_curl_get_string(CURL *easy, CURLINFO info, const char **value) {
    char *text = 0;
    CURLcode code = curl_easy_getinfo(easy, info, &text);
    *value = text;
    return code;
}

static inline CURLMcode airlift_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
