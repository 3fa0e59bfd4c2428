/** R's packages: which are known, and which of their functions do what to files. From their documentation. */
import { rolesIn, wordsIn } from '../tables.ts';

/** They open what they are given, and nothing else; none keeps things elsewhere. */
export const KNOWN_PACKAGES = wordsIn(`
  base compiler datasets graphics grDevices grid methods parallel splines stats stats4 tools utils
  ape argparse argparser arrow assertthat Biobase BiocGenerics BiocParallel biomformat Biostrings broom Cairo car circlize cluster ComplexHeatmap corrplot cowplot crayon data.table
  DelayedArray DESeq2 DEXSeq dendextend docopt doParallel dplyr edgeR fitdistrplus flowCore forcats foreach futile.logger gdata GenomeInfoDb GenomicAlignments GenomicFeatures
  GenomicRanges getopt ggbeeswarm ggdendro ggExtra ggforce ggplot2 ggpubr ggrepel ggridges ggsci ggseqlogo ggtext ggthemes ggtree ggvenn glue gplots gridExtra gtools
  hexbin htmlwidgets igraph IRanges iterators janitor jsonlite kableExtra lattice limma lubridate magrittr MASS Matrix matrixStats mgcv mzR nlme openxlsx optparse
  patchwork pheatmap phyloseq phytools plotly plyr preprocessCore purrr qqman qs qvalue RColorBrewer readr readxl reshape reshape2 rjson rlang Rsamtools
  rtracklayer S4Vectors scales scater scran scuttle Seurat SeuratObject ShortRead SingleCellExperiment stringi stringr SummarizedExperiment survival survminer sva tibble tidyr
  tidyselect tidyverse treeio tximeta tximport umap UpSetR vegan VennDiagram viridis viridisLite vroom vsn writexl xml2 yaml zoo`);

export const FILE_FUNCTIONS = rolesIn(`
  read 0 file|path|input|filename: read.csv read.csv2 read.table read.delim read.delim2 read.fwf readLines readRDS load fread read_csv read_tsv read_delim read_table read_lines read_file read_excel read_rds vroom fromJSON read_json read_yaml yaml.load_file read_parquet read_feather qread readMM readDNAStringSet read.tree
  read 0 con|file|what: scan readline readChar readBin count.fields read.dcf
  write 1 file|path|filename|con|filepath|outputFile|sink: write.csv write.csv2 write.table write write_csv write_tsv write_delim write_lines write_rds write_file saveRDS fwrite write_parquet write_feather write_json write_yaml write.xlsx write_xlsx writeXStringSet write.tree writeLines dput saveWorkbook saveWidget qsave writeMM writeH5AD export write_excel_csv vroom_write writeBin writeChar write.nexus write.FCS openXL
  write 0 filename|file|path: ggsave pdf png svg jpeg tiff bmp cairo_pdf postscript sink save_plot CairoPNG CairoPDF xfig pictex win.metafile save.image
  write 99 file: cat save dump
  write 99 filename|file: pheatmap save_pheatmap
  change 0 -: file.create file.remove unlink file.append Sys.chmod Sys.setFileTime file_delete file_chmod file_touch
  change 0 from: file.rename file.symlink file.link file_move link_create
  over 1 to: file.rename file.copy file_move file_copy
  change 1 to: file.symlink file.link file.append link_create
  read 0 from: file.copy file_copy
  folder 0 path: dir.create dir_create
  list 0 path: list.files list.dirs dir dir_ls Sys.glob list_files
  ask 0 -: file.exists dir.exists file.info file.size file.access file.mtime file_test file_exists dir_exists is_file
  read 0 -: md5sum file.show
`);

/** Without a name they do it to a file that has one by default. */
export const HAS_DEFAULT = wordsIn('pdf png svg jpeg tiff bmp postscript save.image list.files list.dirs dir dir_ls');

/** They open a connection: by a mode, or later, by whoever uses it. */
export const CONNECTIONS = wordsIn('file gzfile bzfile xzfile gzcon');

export const RUNS = wordsIn('system system2 shell shell.exec pipe run run_bg process spawn Rscript');
export const NETWORK = wordsIn(
  'download.file url GET POST curl curl_download socketConnection read_html install.packages install_github biocLite useMart getBM ftp getURL request req_perform available.packages',
);
export const ENVIRONMENT = wordsIn(
  'Sys.getenv Sys.setenv Sys.unsetenv system.file path.package find.package user_cache_dir user_data_dir here path.expand R.home',
);
export const DYNAMIC = wordsIn(
  'source sys.source eval evalq parse attachNamespace loadNamespace dyn.load Reval setwd knit knit2html render quarto_render runApp import_from_path py_run_string source_python Call .Call .C .External .Internal mget rapply trace untrace reg.finalizer local_dir with_dir unlockBinding assignInNamespace assignInMyNamespace body eapply dbConnect sqldf src_sqlite makeActiveBinding delayedAssign environment<- readRenviron h5write h5createFile H5Fopen H5File h5read gunzip gzip bunzip2 unzip untar zip tar decompress asBamIndex indexBam sortBam filterBam mergeBam indexTabix bgzip',
);

/** They do nothing to a file, whatever they are given. */
export const SPEAKS =
  /^(print|message|warning|stop|stopifnot|return|invisible|identity|is\.\w+|is_\w+|nchar|length|nrow|ncol|NROW|NCOL|dim|class|inherits|names|colnames|rownames|dimnames|levels|unique|duplicated|sum|mean|median|max|min|range|round|seq\w*|rev|order|which|which\.\w+|any|all|ifelse|switch|if_else|case_when|match|match\.arg|as\.(numeric|integer|logical|double|Date|factor|data\.frame|matrix|data\.table|tibble|symbol|name|formula|dist|hclust|phylo)|as_tibble|as_factor|factor|table|quit|q|exit|library|require|requireNamespace|suppress\w+|options|set\.seed|Sys\.(time|Date|sleep|setlocale|info)|date|format\w*|nlevels|OptionParser|make_option|ArgumentParser|arg_parser|print_help|labs|ggtitle|[xy]lab|[xy]lim|title|mtext|text|legend|annotate\w*|aes\w*|geom_\w+|stat_\w+|scale_\w+|theme\w*|facet_\w+|coord_\w+|element_\w+|guide\w*|ggplot|grid\.\w+|par|layout|dev\.off|graphics\.off|lines|points|abline|axis|mutate\w*|filter\w*|select\w*|rename\w*|arrange|group_by\w*|ungroup|summari[sz]e\w*|distinct\w*|count|tally|pull|slice\w*|(left|right|inner|full|anti|semi)_join|bind_rows|bind_cols|pivot_\w+|spread|gather|separate\w*|unite|drop_na|replace_na|rownames_to_column|column_to_rownames|across|everything|starts_with|ends_with|contains|any_of|all_of|one_of|desc|n|n_distinct|rbind|cbind|merge|aggregate|with|within|subset|transform|apply|tapply|by|split|unsplit|cut|head|tail|sort|t|data\.frame|tibble|data\.table|setDT|setnames|setkey|setorder|matrix|array|vector|numeric|character|logical|integer|double|rep|nchar|grepl?|regmatches|regexpr|gregexpr|startsWith|endsWith|str_(detect|count|length|starts|ends|which|view)|complete\.cases|is\.na|na\.omit|Negate|nargs|missing|interactive|exists|sessionInfo|packageVersion|R\.version\.string|Recall|tryCatch|try|on\.exit|withCallingHandlers|conditionMessage|flog\.\w+|log\w*|exp|sqrt|abs|floor|ceiling|cor|dist|hclust|prcomp|lm|glm|t\.test|wilcox\.test|p\.adjust|quantile|sd|var|colorRampPalette|brewer\.pal|rgb|hcl\.colors|rainbow|viridis|colorRamp2|Heatmap|HeatmapAnnotation|rowAnnotation|draw|gpar|unit|function|Idents|subset|names<-|new|setClass|validObject|slot|strtoi|utf8ToInt|chartr|nargs|sQuote|dQuote|shQuote|noquote|crossprod|diag|outer|is_empty|set_names|stack|col2rgb|add_option|add_help|relevel|droplevels|fct_\w+|ymd\w*|DataFrame|DGEList|DESeqDataSetFromMatrix|results|counts|model\.matrix|contrasts\.fit|makeContrasts|GRanges|IRanges|mcols|seqnames|colData|rowData|assay\w*|str|summary|nlevels|View|traceback|proc\.time|system\.time|gc|rm|setattr|attr|attributes|structure|inherits|unclass|oldClass|environmentName|emptyenv|new\.env|globalenv|parent\.frame|environment|sys\.call|match\.call|quote|bquote|substitute|deparse|enquo\w*|sym|syms|expr|vars|ensym|nlevels|kable|plan|registerDoParallel|makeCluster|stopCluster|detectCores|clusterExport|MulticoreParam|register|bpparam|Sys\.getpid|nsamples|quo_name)$/;

/** By its name it opens what it is given. */
export const READS_BY_NAME =
  /^(f?read|load|import|scan|open|parse_|vroom|get\w+FromFile)|(^|[._])(read|load|import|from_file|fromFile)|Read10X|^Load/i;
export const WRITES_BY_NAME =
  /(^|[._])(write|save|dump|export|store|sink|print_to|append)|(Write|Save|Export|write|save)[A-Z]|save\w*$|^Save/;

/** What is told by these is for people. */
export const FOR_PEOPLE =
  /^(main|sub|[xyz]lab|title|subtitle|caption|labels?|names?|legend|text|help|description|col|colou?rs?|fill|sep|collapse|pattern|by|method|type|what|usage|epilog|prog|id|key|levels|breaks|value|group|formula|family|fontfamily|style|header|comment\.char|quote|dec|fileEncoding|encoding|row\.names|na\.strings|na|stringsAsFactors|delim|format|device|units|colClasses|col_types|col_names)$/;

/** They give each element of what they are given to a function. */
export const APPLIES =
  /^(l|s|v|m|map|rap|bpl|mcl|parL|future_l|pbl|parS|clusterA)apply$|^(Map|Filter|Reduce|Find|Position|do\.call|match\.fun|apply|tapply|outer|Vectorize|map\w*|walk\w*|imap\w*|pmap\w*|keep|discard|reduce\w*|accumulate|invoke\w*|exec|modify\w*|future_\w+|sapply|vapply|aggregate|by|bplapply|mclapply|parLapply|clusterApply|foreach)$/;
