// Typed faces of libcurl's variadic functions, which Swift cannot call. Apart from CLinux on purpose: whoever needs the
// kernel's shims must not load libcurl.
#pragma once

#include <curl/curl.h>

typedef size_t (*romana_curl_bytes)(char *data, size_t size, size_t count, void *context);

// curl_easy_setopt by kind of value. Strings and blobs are copied by libcurl.
CURLcode romana_curl_set_long(CURL *easy, CURLoption option, long value);
CURLcode romana_curl_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode romana_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode romana_curl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode romana_curl_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count);
// A body to be sent; libcurl copies it.
CURLcode romana_curl_set_body(CURL *easy, const void *bytes, size_t count);
// Who gets the lines of the head and the bytes of the body, both with the same context.
CURLcode romana_curl_set_sinks(CURL *easy, romana_curl_bytes head, romana_curl_bytes body, void *context);

// curl_easy_getinfo for numbers and for the pointer of CURLOPT_PRIVATE; 0 and NULL when it cannot be told.
long romana_curl_long_info(CURL *easy, CURLINFO info);
void *romana_curl_private(CURL *easy);

// curl_multi_setopt for numbers.
CURLMcode romana_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);

// The next transfer that has ended, NULL if none; its result is what curl_multi_info_read keeps in a union.
CURL *romana_curl_next_done(CURLM *multi, CURLcode *result);
